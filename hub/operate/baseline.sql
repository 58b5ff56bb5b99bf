-- Which of the kinds $2 of the connections $1 were read through once.
select r.connection, r.kind
from unnest($1::text[], $2::text[]) as wanted (connection, kind)
join roads r using (connection, kind)
where r.road = 'first' and r.done is not null
