-- Why nobody may decide here, as JSON; null: whoever runs may. Everything went elsewhere, or hasn't wholly arrived yet.
alter table usher.gate add column closed text;
