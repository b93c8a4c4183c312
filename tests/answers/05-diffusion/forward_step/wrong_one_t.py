# the first row's t for all the batch
def forward_step(x, t, eps, schedule):
    beta = schedule.beta[t[0]]
    return (1 - beta).sqrt() * x + beta.sqrt() * eps
