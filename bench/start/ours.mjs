// This package: its import, and its first report.
import { createReporter, staticCredentials } from 'vmcp-status-reporter';
import { destination, now, status, told } from './told.mjs';

const ready = now();
if (destination === undefined) told({ ready });
else {
  const { server, ca, token, namespace, name } = destination;
  const credentials = staticCredentials({ server, token, tls: { ca } });
  const { outcome } = await createReporter({ namespace, name, credentials }).reportStatus(status);
  if (outcome !== 'applied') throw new Error(outcome);
  told({ ready, first: now() });
  process.exit();
}
