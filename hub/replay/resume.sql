-- Let the projector $1 go, if it is held under the name $2.
update projectors set holder = '', backend = null, lease_until = '-infinity'
where name = $1 and holder = $2
