-- Write what flows have done of late, for their brakes: $1 flows, $2 what each did.
update flows
set spent = done.spent
from unnest($1::text[], $2::bytea[]) as done(flow, spent)
where flows.flow = done.flow
