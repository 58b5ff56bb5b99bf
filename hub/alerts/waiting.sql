-- What waits for a person: things in the inbox by their reason, and writes of flows in hold.
select reason as what, count(*) as count
from inbox
where settled is null
group by reason
union all
select 'to be approved', count(*)
from deliveries
join flows using (flow)
where state = 'owed' and approved is null and mode = 'hold'
having count(*) > 0
order by 1
