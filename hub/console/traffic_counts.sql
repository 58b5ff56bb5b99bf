-- How many records of each kind of the connection $1 are there.
select kind, count(*) as records
from records
where connection = $1 and gone is null and position > 0
group by kind
