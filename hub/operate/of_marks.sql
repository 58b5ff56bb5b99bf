-- How the deliveries stand whose marks are $1.
select id, state, record, attempt from deliveries where id = any($1::uuid[])
