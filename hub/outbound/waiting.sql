-- For which records documents wait to be made, at most $8, and what those say: at the connection $1, of
-- the kind $2, owed by the flow $3 in the share $4, at the moment $5; the records are of the connection
-- $6 and the kind $7. What a person is yet to let go does not wait. Leans on deliveries_owed.
select r.fields
from deliveries d
left join records r on r.connection = $6 and r.kind = $7 and r.record = d."case"
where d.connection = $1 and d.kind = $2 and d.flow = $3 and d.share = $4
  and d.state = 'owed' and d.record = '' and (d.not_before is null or d.not_before <= $5)
  and (d.approved is not null or exists (
      select from flows where flows.flow = d.flow and flows.mode = 'on'
  ))
order by d.owed, d.id
limit $8
