-- Let the events at the positions $2 wait no longer at the projector $1.
delete from parked where projector = $1 and position = any ($2::bigint[])
