def q_sample(x0, t, eps, schedule):
    bar = schedule.alpha_bar.to(x0.dtype)[t][:, None]
    flat = bar.sqrt() * x0.reshape(len(x0), -1) + (1 - bar).sqrt() * eps.reshape(len(x0), -1)
    return flat.reshape(x0.shape)
