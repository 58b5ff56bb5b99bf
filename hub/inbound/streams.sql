-- The kinds of the connection $1, other than $3, by whose road $2 something is expected.
select kind, cursor from roads
where connection = $1 and road = $2 and kind <> all ($3::text[]) and overdue_at is not null
