// Package main runs the reference's K8sReporter for the bench: one line of JSON a command on standard input, one line a
// reply on standard output. "run" reports and answers what a report cost this process.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sort"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/stacklok/toolhive/pkg/vmcp"
	"github.com/stacklok/toolhive/pkg/vmcp/status"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

type task struct {
	Server    string   `json:"server"`
	CA        string   `json:"ca"`
	Token     string   `json:"token"`
	Namespace string   `json:"namespace"`
	Names     []string `json:"names"`
	Backends  int      `json:"backends"`
}

type round struct {
	Reports     int  `json:"reports"`
	Concurrency int  `json:"concurrency"`
	Changing    bool `json:"changing"`
}

type command struct {
	Name     string          `json:"name"`
	Argument json.RawMessage `json:"argument"`
}

type figures struct {
	PerSecond float64 `json:"perSecond"`
	P50       float64 `json:"p50"`
	P99       float64 `json:"p99"`
	CPU       float64 `json:"cpu"`
}

type reply struct {
	Value any    `json:"value"`
	Error string `json:"error,omitempty"`
}

type contestant struct {
	reporters []*status.K8sReporter
	series    []*vmcp.Status
	turns     []int
}

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	c := &contestant{}
	for lines.Scan() {
		value, err := c.answer(lines.Bytes())
		if err != nil {
			_ = out.Encode(reply{Error: err.Error()})
		} else {
			_ = out.Encode(reply{Value: value})
		}
	}
}

func (c *contestant) answer(line []byte) (any, error) {
	var cmd command
	if err := json.Unmarshal(line, &cmd); err != nil {
		return nil, err
	}
	switch cmd.Name {
	case "prepare":
		var t task
		if err := json.Unmarshal(cmd.Argument, &t); err != nil {
			return nil, err
		}
		return nil, c.prepare(t)
	case "run":
		var r round
		if err := json.Unmarshal(cmd.Argument, &r); err != nil {
			return nil, err
		}
		return c.run(r)
	}
	return nil, fmt.Errorf("no command %q", cmd.Name)
}

func (c *contestant) prepare(t task) error {
	config := &rest.Config{
		Host:            t.Server,
		BearerToken:     t.Token,
		TLSClientConfig: rest.TLSClientConfig{CAData: []byte(t.CA)},
		// Without its client's own limit, which would be what is measured.
		QPS: -1,
	}
	c.reporters, c.series = nil, nil
	c.turns = make([]int, len(t.Names))
	for change := 1; change <= 4; change++ {
		c.series = append(c.series, report(t.Backends, change))
	}
	for lane, name := range t.Names {
		reporter, err := status.NewK8sReporter(config, name, t.Namespace)
		if err != nil {
			return err
		}
		c.reporters = append(c.reporters, reporter)
		if err := c.next(lane, true); err != nil {
			return err
		}
	}
	return nil
}

func (c *contestant) next(lane int, changing bool) error {
	if changing {
		c.turns[lane]++
	}
	return c.reporters[lane].ReportStatus(context.Background(), c.series[c.turns[lane]%len(c.series)])
}

func (c *contestant) run(r round) (*figures, error) {
	latencies := make([]float64, r.Reports)
	var begun atomic.Int64
	var failed atomic.Pointer[error]
	var lanes sync.WaitGroup
	cpu := cpuTime()
	start := time.Now()
	for lane := range r.Concurrency {
		lanes.Go(func() {
			for {
				mine := int(begun.Add(1)) - 1
				if mine >= r.Reports {
					return
				}
				sent := time.Now()
				if err := c.next(lane, r.Changing); err != nil {
					failed.Store(&err)
					return
				}
				latencies[mine] = float64(time.Since(sent).Microseconds()) / 1000
			}
		})
	}
	lanes.Wait()
	if err := failed.Load(); err != nil {
		return nil, *err
	}
	elapsed := time.Since(start)
	used := cpuTime() - cpu
	sort.Float64s(latencies)
	last := float64(len(latencies) - 1)
	return &figures{
		PerSecond: float64(r.Reports) / elapsed.Seconds(),
		P50:       latencies[int(last*0.5)],
		P99:       latencies[int(last*0.99)],
		CPU:       float64(used.Microseconds()) / 1000 / float64(r.Reports),
	}, nil
}

// cpuTime is user and system time of this process.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// report is the same one that the other contestants send: report.ts.
func report(count, change int) *vmcp.Status {
	checked := metav1.NewTime(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	backends := make([]vmcp.DiscoveredBackend, count)
	for i := range backends {
		message := "Healthy"
		if i == count/2 {
			message = fmt.Sprintf("Healthy, seen %d times", change)
		}
		backends[i] = vmcp.DiscoveredBackend{
			Name:                fmt.Sprintf("backend-%04d", i),
			URL:                 fmt.Sprintf("https://backend-%d.example.com/mcp", i),
			Status:              "ready",
			AuthType:            "token_exchange",
			AuthConfigRef:       fmt.Sprintf("auth-%d", i),
			LastHealthCheck:     checked,
			Message:             message,
			CircuitBreakerState: "closed",
			MCPRevision:         "2025-11-25",
		}
	}
	return &vmcp.Status{
		Phase:        vmcp.PhaseReady,
		Message:      fmt.Sprintf("%d of %d backends are healthy", count, count),
		BackendCount: int32(count), //nolint:gosec // a few thousand at most
		Conditions: []vmcp.Condition{
			{Type: "Ready", Status: metav1.ConditionTrue, Reason: "AllBackendsRoutable", Message: "All are routable"},
			{Type: "BackendsDiscovered", Status: metav1.ConditionTrue, Reason: "Discovered"},
		},
		DiscoveredBackends: backends,
	}
}
