-- Deliveries and what each may wait for. $1 the state, $2 the flow, $3 the connection, where null
-- stands for any, and for no state: all that are not at rest; `any` is any state. $4: only these,
-- unless it is null. $5: at most so many.
select d.id, d.connection, d.kind, d.record, d.part, d.flow, d."case", d.state, d.share, d.attempt,
       d.approved, d.not_before, d.because, d.reason, d.owed, d.moved, d.moved_at,
       coalesce(f.mode, 'off') as mode, coalesce(s.stopped, false) as stopped
from deliveries d
left join flows f on f.flow = d.flow
left join stops s on s.connection = d.connection
where (d.state = $1 or $1 = 'any' or ($1 is null and d.state in ('owed', 'sending', 'parked')))
  and ($2::text is null or d.flow = $2)
  and ($3::text is null or d.connection = $3)
  and ($4::uuid[] is null or d.id = any ($4))
order by d.owed, d.id
limit $5
