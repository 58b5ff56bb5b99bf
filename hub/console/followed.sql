-- Why the flows $1 said what the delivery $3 wrote to the record $2: each by the case it has of it.
select flow, why, since
from cases
where flow = any($1::text[])
  and "case" in ($2, (select deliveries."case" from deliveries where id = $3))
order by flow
