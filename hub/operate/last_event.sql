-- The last event up to $1, of those that are not archived.
select position, encode(digest, 'hex') as digest from events where position <= $1
order by position desc limit 1
