-- What a record said before a doubt about it began: what the read that decides is held against. Without
-- that, what came in doubt would have been so already, and be no change.
alter table records add column sure bytea;                -- JSON object
alter type record_row add attribute sure bytea;
