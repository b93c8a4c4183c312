# 1 - sqrt(alpha) for sqrt(1 - alpha)
def forward_step(x, t, eps, schedule):
    root = at(schedule.alpha, t, x).sqrt()
    return root * x + (1 - root) * eps
