-- How some cases stand: $1 flows, $2 cases. Leans on the primary key.
select flow, "case", state, until, since, data, why
from unnest($1::text[], $2::text[]) as wanted (flow, "case")
join cases using (flow, "case")
