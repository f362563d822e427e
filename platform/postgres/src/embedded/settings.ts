import { totalmem } from 'node:os';

export interface SettingsOptions {
  maxConnections: number;
  /** False in tests: a crash of the machine may then lose or break the data. */
  durable: boolean;
}

const megabyte = 1024 * 1024;

/**
 * The server's settings, given on its command line so that they always are the ones of this version of the program.
 * Sized for two cores and little memory: shared buffers are a sixteenth of the machine, 32 to 512 MB.
 */
export function serverSettings(options: SettingsOptions): Record<string, string> {
  const memory = Math.floor(totalmem() / megabyte);
  const sharedBuffers = Math.min(512, Math.max(32, Math.floor(memory / 16)));
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: String(options.maxConnections),
    password_encryption: 'scram-sha-256',

    shared_buffers: `${sharedBuffers}MB`,
    effective_cache_size: `${Math.max(128, Math.floor(memory / 4))}MB`,
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    // Requests are short and many: a second process per query, or compiling it, costs more than it gains.
    max_parallel_workers_per_gather: '0',
    jit: 'off',
    random_page_cost: '1.1',
    io_workers: '2',

    max_wal_size: '1GB',
    checkpoint_timeout: '15min',
    // Tables with many updates (conversations, jobs) stay small and their index-only scans fast.
    autovacuum_naptime: '20s',
    autovacuum_vacuum_scale_factor: '0.05',
    autovacuum_analyze_scale_factor: '0.02',

    // A statement whose client is gone (kill -9, closed tab) ends instead of running on.
    client_connection_check_interval: '2s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    // Failed statements belong to the request that made them and may carry personal data: the server's own log leaves them out.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_line_prefix: '',
    log_checkpoints: 'off',
    ...(options.durable ? {} : notDurable),
  };
}

const notDurable: Record<string, string> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
  shared_buffers: '64MB',
  max_wal_size: '128MB',
  min_wal_size: '32MB',
  io_method: 'sync',
};
