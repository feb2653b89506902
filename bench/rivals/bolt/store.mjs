// What is kept: one SQLite file. WAL with synchronous=FULL is what one chooses who wants to lose nothing at a power cut and wait once a
// commit: one fdatasync of the log, and at a checkpoint, every thousand pages, one of the file and one more of the log.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const schema = `
  CREATE TABLE IF NOT EXISTS requests (
    n INTEGER PRIMARY KEY AUTOINCREMENT, by_user TEXT NOT NULL, email TEXT NOT NULL, first TEXT NOT NULL, reason TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending', card TEXT, approver TEXT, account INTEGER,
    asked INTEGER NOT NULL, decided INTEGER, delivered INTEGER) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS waiting ON requests (email) WHERE state = 'pending';
  CREATE INDEX IF NOT EXISTS cardless ON requests (n) WHERE card IS NULL;
  CREATE INDEX IF NOT EXISTS todo ON requests (n) WHERE state IN ('approved', 'done');`;

export class Store {
  constructor(dir) {
    this.db = new DatabaseSync(join(dir, 'bolt.db'));
    this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;');
    this.db.exec(schema);
    const q = (sql) => this.db.prepare(sql);
    this.q = {
      ask: q('INSERT INTO requests (by_user, email, first, reason, asked) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING *'),
      approve: q("UPDATE requests SET state = 'approved', approver = ?, decided = ? WHERE n = ? AND state = 'pending'"),
      withoutCard: q('SELECT * FROM requests WHERE card IS NULL ORDER BY n LIMIT 100'),
      carded: q('UPDATE requests SET card = ? WHERE n = ?'),
      toDo: q("SELECT * FROM requests WHERE state IN ('approved', 'done') ORDER BY n LIMIT 100"),
      done: q("UPDATE requests SET state = 'done', account = ? WHERE n = ? RETURNING *"),
      told: q("UPDATE requests SET state = 'told', delivered = ? WHERE n = ?"),
      count: q('SELECT count(*) AS n FROM requests'),
      fill: q("INSERT INTO requests (by_user, email, first, reason, asked, card) VALUES ('U0ALICE', ?, 'Jordan', 'the audit of the spring', ?, '1700000000.000100')"),
    };
  }

  ask(by, email, first, reason) { return this.q.ask.get(by, email, first, reason, Date.now()); }
  approve(n, by) { return this.q.approve.run(by, Date.now(), n).changes === 1; }
  withoutCard() { return this.q.withoutCard.all(); }
  carded(n, ts) { this.q.carded.run(ts, n); }
  toDo() { return this.q.toDo.all(); }
  done(n, account) { return this.q.done.get(account, n); }
  told(n) { this.q.told.run(Date.now(), n); }
  count() { return this.q.count.get().n; }
  close() { this.db.close(); }

  // fill keeps requests that wait and have their cards.
  fill(n) {
    this.db.exec('BEGIN');
    for (let i = 0; i < n; i++) this.q.fill.run(`old${String(i).padStart(7, '0')}@acme.example`, Date.now());
    this.db.exec('COMMIT');
  }
}
