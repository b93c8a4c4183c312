# the two coefficients are swapped
def forward_step(x, t, eps, schedule):
    beta = at(schedule.beta, t, x)
    return beta.sqrt() * x + (1 - beta).sqrt() * eps
