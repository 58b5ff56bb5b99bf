-- What is owed to the connection $1, by state. Leans on deliveries_owed.
select state, count(*) as deliveries
from deliveries
where connection = $1 and state in ('owed', 'sending')
group by state
