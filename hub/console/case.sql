-- How the case $2 of the flow $1 stands.
select state, until, why from cases where flow = $1 and "case" = $2
