-- Forget the values named $2 of the connection $1.
delete from sealed where connection = $1 and name = any ($2::text[])
