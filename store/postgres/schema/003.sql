-- What several replicas share beside what is kept, by this server's clock.

-- When the next call may go: of a vendor's key, of a method of Slack's, to a channel. A key is a name of ours and holds no
-- secret. tail is the last time that was given to somebody who was told to come back, and later says whether whoever
-- asked last was. After a crash of the server nothing of this matters, so nobody waits for the disk to have it.
create unlogged table usher.pace (
	key   text collate "C" primary key,
	asked timestamptz not null,
	next  timestamptz not null,
	tail  timestamptz not null,
	later boolean     not null
) with (fillfactor = 50);

-- Who is at work on an account of a vendor's, until when. No token is given twice.
create table usher.locks (
	name  text   collate "C" primary key,
	owner text   not null,
	token bigint not null,
	until timestamptz not null
) with (fillfactor = 75);
