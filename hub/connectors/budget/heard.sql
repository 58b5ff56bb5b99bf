-- Keep what the vendor of connection $1 said is left of the window $2: $3, in the answer to a call
-- sent $5 seconds before $4 (null: now), to be believed for $6 seconds.
insert into budget_said (connection, name, left_cost, said_at, until)
select $1, $2, $3, moment - make_interval(secs => $5), moment + make_interval(secs => $6)
from (select coalesce($4, clock_timestamp()) as moment) as clock
on conflict (connection, name) do update
set left_cost = excluded.left_cost, said_at = excluded.said_at, until = excluded.until
where budget_said.said_at <= excluded.said_at
