import type { BusSettings } from './bus.module';
import { kafkaAccessOf, reasonOf } from './kafka-access';

/**
 * Asks Kafka what is there.
 * @param withinMs for each request
 * @returns how many brokers there are, and the installation's topics with the number of their partitions
 * @throws Error that says in words what is wrong
 */
export const lookAtKafka = async (
  settings: BusSettings,
  withinMs: number,
): Promise<{ brokers: number; topics: string[] }> => {
  const { Admin } = await import('@platformatic/kafka');
  const limits = { connectTimeout: withinMs, requestTimeout: withinMs, timeout: withinMs, retries: 0 };
  const { KAFKA_BROKERS: brokers = [], KAFKA_TOPIC_PREFIX: prefix } = settings;
  const access = kafkaAccessOf(brokers, settings);
  const admin = new Admin({ clientId: 'veche', ...access, ...limits });
  try {
    const names = (await admin.listTopics()).filter((name) => name.startsWith(`${prefix}.`)).sort();
    const { brokers, topics } = await admin.metadata({ topics: [...names] });
    return {
      brokers: brokers.size,
      topics: [...topics].map(([name, { partitionsCount }]) => `${name} (partitions: ${partitionsCount})`),
    };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== 'PLT_KFK_MULTIPLE' && code !== 'PLT_KFK_NETWORK') throw error;
    throw new Error(`no connection to ${brokers.join()}: ${reasonOf(error)}`, { cause: error });
  } finally {
    await admin.close();
  }
};
