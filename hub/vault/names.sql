-- What is kept of the connection $1.
select name from sealed where connection = $1 order by name
