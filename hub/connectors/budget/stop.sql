-- Have the connection $1 spend nothing for $3 seconds from $2 (null: now), because $4.
insert into budgets (connection, stopped_until, stopped_why)
values ($1, coalesce($2, clock_timestamp()) + make_interval(secs => $3), $4)
on conflict (connection) do update
set stopped_until = excluded.stopped_until, stopped_why = excluded.stopped_why
where budgets.stopped_until < excluded.stopped_until
