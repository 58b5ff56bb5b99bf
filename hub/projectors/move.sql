-- Move the projector $1 from position $2 to $4, if epoch $3 still holds it; and hold it $5 seconds.
update projectors
set position = $4, lease_until = clock_timestamp() + make_interval(secs => $5)
where name = $1 and position = $2 and epoch = $3
returning position
