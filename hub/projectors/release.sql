-- Let the projector $1 go, if epoch $2 still holds it.
update projectors set lease_until = '-infinity', holder = '', backend = null
where name = $1 and epoch = $2
