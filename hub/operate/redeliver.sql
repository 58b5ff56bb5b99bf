-- What was written by the flow $1 since $2, and whether its record is there; `makes`: it was made by
-- that delivery; `alone`: it is there as it was made, and is told nothing. What was said in a message
-- is not said again. A flow has also written what it told beside another, in one write.
select d.id, d.connection, d.kind, d.record, d.moved_at,
       d.link is not null or d.fields is not null as makes,
       d.link is null and d.fields is not null as alone,
       r.gone is not null or r.record is null as lost
from deliveries d
left join records r using (connection, kind, record)
where (d.flow = $1 or convert_from(d.sent, 'UTF8')::jsonb -> 'told' ? $1)
  and d.kind <> 'messages' and d.state = 'done' and d.record <> '' and d.moved_at >= $2
order by d.moved, d.id
