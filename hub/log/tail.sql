-- The last $5 events before position $6 of connection $1, kind $2, record $3 and type $4, where null
-- stands for any; the latest first. With a record it leans on events_by_record.
select position, type, connection, kind, record, road, cover, occurred_at, recorded_at, cause, trace,
       data, id, shape, origin, flow, seal, digest, link
from events
where ($1::text is null or connection = $1)
  and ($2::text is null or kind = $2)
  and ($3::text is null or record = $3)
  and ($4::text is null or type = $4)
  and position < $6
order by position desc
limit $5
