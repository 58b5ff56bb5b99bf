-- Take the projector $1 from whoever runs it, for $2 seconds.
update projectors
set holder = 'rebuild', epoch = epoch + 1,
    lease_until = clock_timestamp() + make_interval(secs => $2)
where name = $1
returning position, epoch
