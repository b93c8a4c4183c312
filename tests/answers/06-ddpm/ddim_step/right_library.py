def ddim_step(xt, t, s, eps_hat, z, schedule, eta=0.0):
    x0_hat = predict_x0(xt, t, eps_hat, schedule)
    now, then = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    var = eta**2 * (1 - then) * (then - now) / (then * (1 - now))
    direction = torch.sqrt((1 - then - var).clamp(min=0)) * eps_hat
    return then.sqrt() * x0_hat + direction + var.sqrt() * z
