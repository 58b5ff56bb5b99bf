-- What the flow $1 has owed since $2, as these tables have it.
select id, connection, kind, record, state, owed, because from deliveries
where flow = $1 and owed >= $2
order by owed, id
