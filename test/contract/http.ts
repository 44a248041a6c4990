// The HTTP semantics that a VirtualMCPServer writer relies on. The same cases run against a real kube-apiserver, which
// decides what is right, and against the fake, which has to agree.
import { describe } from 'vitest';
import { applyCases } from './http/apply.ts';
import { applyErrorCases } from './http/apply-errors.ts';
import { authApiCases } from './http/auth-apis.ts';
import { discoveryCases } from './http/discovery.ts';
import { ghostCases } from './http/ghosts.ts';
import { jsonPatchCases } from './http/json-patch.ts';
import { leaseCases } from './http/leases.ts';
import { limitCases } from './http/limits.ts';
import { mergePatchCases } from './http/merge-patch.ts';
import { objectCases } from './http/objects.ts';
import { ownershipCases } from './http/ownership.ts';
import { putCases } from './http/put.ts';
import { rbacCases } from './http/rbac.ts';
import { readCases } from './http/reads.ts';
import { unknownFieldCases } from './http/unknown-fields.ts';
import { validationCases } from './http/validation.ts';
import { versionCases } from './http/versions.ts';
import { watchCases } from './http/watch.ts';
import type { Target } from './target.ts';

export function describeHttpContract(target: () => Target): void {
  describe('objects', () => objectCases(target));
  describe('reads', () => readCases(target));
  describe('PUT', () => putCases(target));
  describe('JSON patch', () => jsonPatchCases(target));
  describe('merge patch', () => mergePatchCases(target));
  describe('apply', () => applyCases(target));
  describe('apply: errors', () => applyErrorCases(target));
  describe('ownership', () => ownershipCases(target));
  describe('ghosts', () => ghostCases(target));
  describe('validation', () => validationCases(target));
  describe('unknown fields', () => unknownFieldCases(target));
  describe('limits', () => limitCases(target));
  describe('versions', () => versionCases(target));
  describe('discovery', () => discoveryCases(target));
  describe('watch', () => watchCases(target));
  describe('RBAC', () => rbacCases(target));
  describe('identity APIs', () => authApiCases(target));
  describe('leases', () => leaseCases(target));
}
