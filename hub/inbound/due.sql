-- The next $1 moments that cases wait for. Leans on cases_until.
select flow, "case", until, since
from cases
where until is not null
order by until
limit $1
