-- How the windows of the connection $1 stand at $2 (null: now): $3 names, $4 seconds, $5 zones, $6
-- ceilings. What the vendor said is left is given less what was spent since.
select wanted.name, wanted.seconds, wanted.ceiling, clock.moment, window_.ends, stop.stopped_until,
       (select coalesce(sum(cost), 0)::bigint from budget_blocks b
        where b.connection = $1 and b.use_by >= window_.starts
          and counts(b.use_by, b.drawn_at, window_.starts, wanted.zone)) as spent,
       (select coalesce(sum(cost), 0)::bigint from budget_blocks b
        where b.connection = $1 and b.use_by > clock.moment - interval '1 hour') as spent_hour,
       (select s.left_cost - coalesce(sum(b.cost), 0)::bigint
        from budget_said s
        left join budget_blocks b on b.connection = s.connection and b.use_by >= s.said_at
        where s.connection = $1 and s.name = wanted.name and s.until > clock.moment
        group by s.left_cost) as said
from (select coalesce($2, clock_timestamp()) as moment) as clock
cross join unnest($3::text[], $4::float8[], $5::text[], $6::bigint[])
    with ordinality as wanted (name, seconds, zone, ceiling, place)
cross join lateral budget_window(clock.moment, wanted.seconds, wanted.zone) as window_
left join budgets stop on stop.connection = $1 and stop.stopped_until > clock.moment
order by wanted.place
