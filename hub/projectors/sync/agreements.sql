-- What some links agree on: $1 links, $2 flows. Leans on the primary key.
select link, flow, fields, position
from unnest($1::uuid[], $2::text[]) as wanted (link, flow)
join agreements using (link, flow)
