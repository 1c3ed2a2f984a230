from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0010_officials_have_an_address')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Batch',
            name='closed_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Batch',
            name='closed_by',
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AddField(
            model_name='Batch',
            name='extensions',
            field=ReadableJSONField(null=True),
        ),
        ops.AddField(
            model_name='Batch',
            name='left',
            field=ReadableJSONField(null=True),
        ),
        ops.AddField(
            model_name='Draw',
            name='ceremony',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='Draw',
            name='register',
            field=ReadableJSONField(null=True),
        ),
        ops.AddField(
            model_name='Draw',
            name='void_asked_account',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Draw',
            name='void_asked_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Draw',
            name='void_asked_by',
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AddField(
            model_name='Draw',
            name='void_consented_by',
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AddField(
            model_name='Pledge',
            name='account',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Pledge',
            name='confirmed_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Pledge',
            name='confirmed_by',
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AddField(
            model_name='Pledge',
            name='given_by',
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AddField(
            model_name='Pledge',
            name='hand',
            field=fields.CharField(null=True, max_length=8),
        ),
        ops.AddField(
            model_name='Pledge',
            name='named_account',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Pledge',
            name='named_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Pledge',
            name='named_by',
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AddField(
            model_name='Pledge',
            name='proof',
            field=fields.CharField(null=True, max_length=200),
        ),
    ]
