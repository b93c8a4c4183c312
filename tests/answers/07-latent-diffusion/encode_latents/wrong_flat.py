# codes made flat
@torch.no_grad()
def encode_latents(first_stage, x, scale):
    return scale * first_stage.encode(x)[0].flatten(1)
