import { collectDefaultMetrics } from 'prom-client';
import { gauge, registry } from './registry';

const buildInfo = gauge('veche_build_info', 'What runs here; always 1.', 'service', 'version', 'node');

let measured = false;

/**
 * Measures the process itself from now on: processor, memory, event-loop delay, garbage collection.
 * @param service what runs in it
 */
export const measureProcess = (service: string, version: string): void => {
  buildInfo.set({ service, version, node: process.versions.node }, 1);
  if (measured) return;
  measured = true;
  collectDefaultMetrics({ register: registry });
};
