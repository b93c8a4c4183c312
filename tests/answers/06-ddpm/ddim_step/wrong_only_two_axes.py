# laid out for rows alone: pictures are mixed up
# raises: RuntimeError
def ddim_step(xt, t, s, eps_hat, z, schedule, eta=0.0):
    a, b = schedule.alpha_bar[t][:, None], schedule.alpha_bar[s][:, None]
    sigma = eta * ((1 - b) / (1 - a)).sqrt() * (1 - a / b).sqrt()
    x0_hat = (xt - (1 - a).sqrt() * eps_hat) / a.sqrt()
    return b.sqrt() * x0_hat + (1 - b - sigma**2).sqrt() * eps_hat + sigma * z
