-- By when something is due, of whatever kind: each replica looks for that every few seconds.
create index intents_at on usher.intents (due);
