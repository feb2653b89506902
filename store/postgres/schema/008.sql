-- In which history of which server this was written: another one begins where a standby takes over, or a copy is put into another
-- server, and what was kept last may be missing there. Empty: nobody has looked yet.
alter table usher.gate add column history text not null default '';
