-- The deliveries $1.
select id, connection, kind, record, part, link, flow, "case", state, share, fields, told, sent,
       attempt, rounds, look, approved, not_before, answered_at, owed, moved, moved_at, because,
       reason, trace
from deliveries
where id = any($1::uuid[])
