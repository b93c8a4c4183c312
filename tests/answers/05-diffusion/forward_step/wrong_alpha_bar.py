# alpha_bar for alpha: all steps at once
def forward_step(x, t, eps, schedule):
    alpha_bar = at(schedule.alpha_bar, t, x)
    return alpha_bar.sqrt() * x + (1 - alpha_bar).sqrt() * eps
