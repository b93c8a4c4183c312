# one index too far: t = T falls off the table
# raises: IndexError
def forward_step(x, t, eps, schedule):
    beta = at(schedule.beta, t + 1, x)
    return (1 - beta).sqrt() * x + beta.sqrt() * eps
