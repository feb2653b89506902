-- What was carried out about an address, so that saying what is held under it costs what was done about it, and not what was done about all.
create index requests_about on usher.requests (email, number) where state in ('running', 'done', 'failed', 'in doubt', 'ending', 'ended');
