/** All of it, or none. */
import type { DatabaseSync } from 'node:sqlite';

/** Does `action` in one transaction; what it throws is thrown on, after nothing was changed. */
export function inTransaction(database: DatabaseSync, action: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    action();
    database.exec('COMMIT');
  } catch (cause) {
    // SQLite itself may have rolled back, on a full disk for one.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw cause;
  }
}
