-- What the projectors made of the event at $1, which is about the record $4 of kind $3 in connection
-- $2 (all null where it is about links).
select (select coalesce(reason, 'an earlier event of its record waits')
        from parked where projector = 'sync' and position = $1) as parked,
       r.late = $1 as late,
       r.doubt = $1 as doubt,
       (select array_agg(act order by step) from link_history where position = $1) as acts,
       (select other_record from duplicates where position = $1 limit 1) as taken_by,
       t.changed,
       t.first
from (select) as once
left join records r on r.connection = $2 and r.kind = $3 and r.record = $4
left join timeline t
  on t.connection = $2 and t.kind = $3 and t.record = $4 and t.position = $1
